/** Where the process of the home agent begins. */
import { keepNurserySmall } from './small-nursery.ts'

keepNurserySmall()
// Only now: to load all that the agent is would let the nursery grow before it is told not to.
const { runAgent } = await import('./run-agent.ts')
await runAgent()
