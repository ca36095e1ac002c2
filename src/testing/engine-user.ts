// A process that uses the embedded engine of the folder it is given: says where it is, leaves when its input ends.
import { openEngine } from '../db/embedded.ts'

const engine = await openEngine(process.argv[2]!)
console.log(JSON.stringify(engine))
process.stdin.resume().once('end', async () => {
  await engine.stop()
  process.exit(0)
})
