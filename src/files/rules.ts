/** What may be kept, by the ending of its name: the type under which it is served is ours, never the sender's. */
const TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  heic: 'image/heic',
  txt: 'text/plain',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  rtf: 'application/rtf',
  eml: 'message/rfc822',
}

/** Endings for the file box of a browser. */
export const ENDINGS = Object.keys(TYPES)
  .map((ending) => `.${ending}`)
  .join(',')

/** The type of a file by its name; undefined = it is not kept. Nothing that a browser would run is among them. */
export const typeOf = (name: string): string | undefined => {
  const ending = /\.([a-z]{2,5})$/.exec(name.toLowerCase())?.[1] ?? ''
  return Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined
}

/** A name for the screen and for saving: the last part of a path, without signs that a file system or a header minds. */
export function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  return [...last]
    .map((sign) => (/[\p{C}"<>:|?*]/u.test(sign) ? '_' : sign))
    .join('')
    .slice(-120)
}
