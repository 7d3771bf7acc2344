/** What one run of vitest came to. */
import * as z from 'zod'

export const RunOutcome = z.object({
  passed: z.int(),
  /** Failed, skipped or never run: a test each, a file that could not be loaded, an error that no test owns. */
  notPassed: z.array(z.object({ what: z.string(), why: z.string() })),
})
export type RunOutcome = z.infer<typeof RunOutcome>
