/** The list of content providers, and those of them that are switched on. */
import type { Offers } from '#protocol/source.ts'
import { demo } from './providers/demo.ts'
import type { Source } from './source.ts'

export const sources: readonly Source[] = [demo]

/** A provider with its settings: everything it offers now. */
export type EnabledSource = { id: string; offers: (signal: AbortSignal) => Promise<Offers> }

/** Throws `invalid`, naming the setting, when a provider's settings are wrong. */
export function enabledSources(
  settingsOf: (sourceId: string) => Record<string, string>,
  all: readonly Source[] = sources,
): EnabledSource[] {
  return all.flatMap(({ id, enable }) => {
    const list = enable(settingsOf(id))
    return list ? [{ id, offers: async (signal) => ({ provider: id, offers: await list(signal) }) }] : []
  })
}
