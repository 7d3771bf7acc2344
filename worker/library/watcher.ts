/** Whose watching something is: a profile of a person, or the person themselves, whose id both are then. */
export type Watcher = { id: string; personId: string }
