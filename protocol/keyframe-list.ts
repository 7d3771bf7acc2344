/** Where the pictures of a rendition stand that are shown without any before them, for a player that seeks to them. */
import * as z from 'zod'

/**
 * Of one video rendition. `seconds`: film times, ascending, each a little after its picture begins and never before it,
 * so that whoever seeks there needs nothing of what comes before.
 */
export const KeyframeList = z.object({ seconds: z.array(z.number().nonnegative()).max(200_000) })
export type KeyframeList = z.infer<typeof KeyframeList>
