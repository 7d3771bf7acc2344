/** Pure: what an arrow or OK of a remote control does to what has the focus. */

/** What has the focus: a bar that slides, a field to type in, a choice (radio, tick), or anything else. */
export type RemoteFocus = 'bar' | 'field' | 'choice' | 'other'

const steps: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }

/** So many stops on, or a press; undefined: the key keeps what it does there. */
export function remoteStep(key: string, focus: RemoteFocus): 1 | -1 | 'press' | undefined {
  // A radio button chooses with the arrows and does nothing on Enter; with a remote one goes by it and presses OK.
  if (key === 'Enter') return focus === 'choice' ? 'press' : undefined
  const isSideways = key === 'ArrowLeft' || key === 'ArrowRight'
  return isSideways && (focus === 'bar' || focus === 'field') ? undefined : steps[key]
}
