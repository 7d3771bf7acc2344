/** How much this agent does and may do, and its refusal of more. */
import type { AgentLoad } from '#protocol/capabilities.ts'
import { AppError } from '#protocol/errors.ts'

export type Capacity = {
  load(): AgentLoad
  /** Throws `busy` when as many streams are watched as may be, unless this is one of them. */
  admit(streamId: string): void
}

/** `watched` are the streams that somebody watches now, `makings` the films that are made now. */
export function createCapacity(about: {
  watched: () => ReadonlySet<string>
  mostStreams: number
  makings: () => number
  mostMakings: number
}): Capacity {
  const { watched, mostStreams, makings, mostMakings } = about
  return {
    load: () => ({ streams: watched().size, mostStreams, makings: makings(), mostMakings }),
    admit(streamId) {
      const now = watched()
      if (now.size < mostStreams || now.has(streamId)) return
      throw new AppError(
        'busy',
        'This home already plays as many films as it may. Try again when somebody has stopped.',
      )
    },
  }
}
