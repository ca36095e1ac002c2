// Loaded before everything else, in the oldest dialect: an old Node would only say ERR_UNKNOWN_FILE_EXTENSION.
if (Number(process.versions.node.split('.')[0]) < 24) {
  const sentence = `Clerkwell needs Node 24 or newer; this is ${process.version}. On Linux, npm ci brings it along.`
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
