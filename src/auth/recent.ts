const MOST = 1000

/** What was last known of a key, in this process; the longest away make room for others. */
export function recent<T>() {
  const known = new Map<string, T>()
  return {
    get: (key: string) => known.get(key),
    /** undefined forgets it. */
    set(key: string, value: T | undefined) {
      known.delete(key)
      if (value !== undefined) known.set(key, value)
      const [longest] = known.keys()
      if (longest !== undefined && known.size > MOST) known.delete(longest)
    },
  }
}
