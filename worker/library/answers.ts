/** What the library routes take and answer. */
import * as z from 'zod'
import { TitleCard } from '../catalog/answers.ts'

const seconds = z
  .number()
  .nonnegative()
  .max(7 * 24 * 3600)

/** How far a person is; `watchedAtMs` is when, by the viewer's clock. */
export const Progress = z.strictObject({
  positionSeconds: seconds,
  durationSeconds: seconds,
  watchedAtMs: z.int().nonnegative(),
})
export type Progress = z.infer<typeof Progress>

export const ProgressItem = Progress.extend({ title: TitleCard })
export type ProgressItem = z.infer<typeof ProgressItem>
