export interface Paging {
  page: number
  count: number
  previous: string
  next: string
}

/** The page number of a query parameter: a positive whole number, else 1. */
export const pageNumber = (given: unknown): number =>
  typeof given === 'string' && /^[1-9]\d{0,5}$/.test(given) ? Number(given) : 1

/** Links for a list of `total` rows; `query` are the other parameters, kept. */
export function paging(path: string, query: Record<string, unknown>, page: number, total: number, size = 50): Paging {
  const count = Math.max(1, Math.ceil(total / size))
  const at = Math.min(page, count)
  const link = (to: number) => {
    const kept = Object.entries(query).filter(
      ([name, value]) => name !== 'page' && typeof value === 'string' && value !== '',
    )
    return `${path}?${new URLSearchParams([...(kept as [string, string][]), ['page', String(to)]])}`
  }
  return { page: at, count, previous: at > 1 ? link(at - 1) : '', next: at < count ? link(at + 1) : '' }
}
