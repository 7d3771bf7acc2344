/** The keyframes of the film that plays: asked for once it is on the screen, so that a press on the bar can go to one. */
import { KeyframeList } from '#protocol/keyframe-list.ts'
import { resourcePath } from '#protocol/stream-url.ts'
import { homeFetch } from '../transports/ways-home.ts'
import { nearestKeyframe } from './nearest-keyframe.ts'
import { masterIn } from './sources/master-tracks.ts'
import type { StreamReady } from './stream-answer.ts'

type Playing = Pick<StreamReady, 'agentId' | 'sourceId' | 'sizeBytes' | 'plan' | 'tracks'>

export class KnownKeyframes {
  #video: HTMLVideoElement
  #film = ''
  /** Of which film which agent has answered, or is being asked. */
  #asked = ''
  #seconds: readonly number[] = []
  #life = new AbortController()

  constructor(video: HTMLVideoElement) {
    this.#video = video
  }

  /** Told of every stream that plays; one that is cut as the one before keeps what is known. `baseUrl` is its own URL. */
  follow(playing: Playing, baseUrl: string): void {
    const path = keyframesPath(playing)
    const film = JSON.stringify([playing.sourceId, playing.sizeBytes, path])
    if (film !== this.#film) this.#forget()
    this.#film = film
    const asking = `${film} ${playing.agentId}`
    if (path === undefined || this.#seconds.length > 0 || this.#asked === asking) return
    this.#asked = asking
    const { signal } = this.#life
    onceShown(this.#video, signal, () => void this.#load(`${baseUrl}/${path}`, signal))
  }

  /** Where to go when about `seconds` is meant: to a keyframe that is `withinSeconds`, else there. */
  near(seconds: number, withinSeconds: number): number {
    return nearestKeyframe(seconds, this.#seconds, { withinSeconds, endSeconds: this.#video.duration })
  }

  close(): void {
    this.#forget()
  }

  #forget(): void {
    this.#life.abort()
    this.#life = new AbortController()
    this.#seconds = []
    this.#asked = ''
  }

  /** Without a list seeks are exact; an agent that has none is not asked again. */
  async #load(url: string, signal: AbortSignal): Promise<void> {
    try {
      const response = await homeFetch(url, { signal })
      const list = response.ok ? KeyframeList.safeParse(await response.json()) : undefined
      if (list?.success && !signal.aborted) this.#seconds = list.data.seconds
    } catch {
      if (!signal.aborted) this.#asked = ''
    }
  }
}

/** Beneath the stream: of the picture that its playlist names first, or of the file's own. */
function keyframesPath({ plan, tracks }: Playing): string | undefined {
  const master = masterIn(plan.resource)
  const [track] = tracks.video
  const rendition = master
    ? master.renditions.find(({ kind }) => kind === 'video')
    : track && ({ kind: 'video', trackId: track.id } as const)
  return rendition && resourcePath({ kind: 'keyframes', rendition, ...(master?.cutBy && { cutBy: master.cutBy }) })
}

/** A start is not to share its line and its processor with this. */
function onceShown(video: HTMLVideoElement, signal: AbortSignal, then: () => void): void {
  const shown = () => signal.aborted || then()
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(shown)
  else video.addEventListener('timeupdate', shown, { once: true, signal })
}
