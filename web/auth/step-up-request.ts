/** The question “is it still you?”, asked once however many requests wait for the answer. */

let waiting: { answer: Promise<boolean>; settle: (isDone: boolean) => void } | undefined
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

/** Asks the person; true once they have proved it, false when they would rather not. */
export function askForStepUp(): Promise<boolean> {
  if (!waiting) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    waiting = { answer: promise, settle: resolve }
    tell()
  }
  return waiting.answer
}

export function settleStepUp(isDone: boolean): void {
  const settled = waiting
  waiting = undefined
  tell()
  settled?.settle(isDone)
}

export const isStepUpAsked = (): boolean => waiting !== undefined

export function onStepUpChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
