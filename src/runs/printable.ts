/** What the standard fonts of a PDF can show: they know Windows-1252 and nothing else; any other character is '?'. */
export const printable = (written: string): string =>
  written.replace(/[^\x20-\x7e\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u20ac]/g, '?')
