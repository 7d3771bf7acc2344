/** The copy of a film that somebody chose, for when it is opened: until another one, or none, is. */

let asked: { titleId: string; sourceId: string } | undefined

export function askForSource(titleId: string, sourceId: string | undefined): void {
  asked = sourceId === undefined ? undefined : { titleId, sourceId }
}

/** Undefined where Play chooses by itself. */
export const askedSourceOf = (titleId: string): string | undefined =>
  asked?.titleId === titleId ? asked.sourceId : undefined
