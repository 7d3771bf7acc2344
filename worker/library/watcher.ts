/** Whose watching something is: a profile of a person, or the person themselves, whose id both are then. */
import type { Viewer } from '../auth/viewer.ts'

export type Watcher = Pick<Viewer, 'id' | 'personId'>
