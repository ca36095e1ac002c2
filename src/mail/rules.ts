/** One address on one line, without anything that a header could be broken with (S-28). */
export const isAddress = (written: string): boolean =>
  /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,253}$/.test(written)
