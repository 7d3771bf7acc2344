/** The words of text subtitles over the picture: as large as a person likes, above the controls, in the page's full screen too. */
import { useEffect, useRef, useState } from 'react'
import { type Player, useSubtitles } from '../player/use-player.ts'
import { subtitleTrackOf } from './show-text.ts'

const rows = { top: 'justify-start', bottom: 'justify-end' } as const
const sides = { start: 'self-start text-start', center: 'self-center text-center', end: 'self-end text-end' } as const

/** `isRaised`: the controls are shown, and the words stand above them. */
export function SubtitleOverlay({ player, isRaised }: { player: Player; isRaised: boolean }) {
  const cues = useActiveCues(player.video)
  const sizePercent = useSubtitles(player, (state) => state.sizePercent)
  const bottom = cues.filter(({ line }) => line === 'auto' || Number(line) > 30)
  const top = cues.filter((cue) => !bottom.includes(cue))
  // A share of the picture's height, but never too small for a phone held upright.
  const ratio = usePictureRatio(player.video)
  // The picture stands in the middle of the screen; on a phone held upright most of the screen is not picture.
  const height = `min(100cqh, 100cqw / ${ratio})`
  const edge = `(100cqh - ${height}) / 2 + ${height} * 0.05`
  const fontSize = `calc(max(1.0625rem, 4.4cqmin) * ${sizePercent / 100})`
  return (
    <div
      aria-hidden
      data-testid="subtitles"
      className="[container-type:size] pointer-events-none absolute inset-0 leading-[1.3] font-medium text-white"
    >
      <div
        style={{ fontSize, top: `max(${edge}, ${isRaised ? '4rem' : '1.25rem'})` }}
        className={`absolute inset-x-[5%] flex flex-col ${rows.top}`}
      >
        {top.map((cue) => (
          <Cue key={`${cue.startTime} ${cue.text}`} cue={cue} />
        ))}
      </div>
      <div
        style={{ fontSize, bottom: `max(${edge}, ${isRaised ? '7.5rem' : '1.25rem'})` }}
        className={`absolute inset-x-[5%] flex flex-col transition-[bottom] duration-150 ${rows.bottom}`}
      >
        {bottom.map((cue) => (
          <Cue key={`${cue.startTime} ${cue.text}`} cue={cue} />
        ))}
      </div>
    </div>
  )
}

/** The browser turns a cue's marks into elements; nothing else of its text can become one (WebVTT §7). */
function Cue({ cue }: { cue: VTTCue }) {
  const ref = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    ref.current?.replaceChildren(cue.getCueAsHTML())
  }, [cue])
  const side = cue.align === 'start' || cue.align === 'end' ? sides[cue.align] : sides.center
  return (
    <p className={`mt-[0.15em] max-w-[60ch] ${side}`}>
      <span
        ref={ref}
        className="rounded-[0.2em] bg-black/65 box-decoration-clone px-[0.4em] py-[0.08em] whitespace-pre-line [text-shadow:0_0.05em_0.15em_#000]"
      />
    </p>
  )
}

/** Width of the picture over its height. */
function usePictureRatio(video: HTMLVideoElement): number {
  const [ratio, setRatio] = useState(16 / 9)
  useEffect(() => {
    const update = () => video.videoHeight > 0 && setRatio(video.videoWidth / video.videoHeight)
    update()
    video.addEventListener('resize', update)
    return () => video.removeEventListener('resize', update)
  }, [video])
  return ratio
}

function useActiveCues(video: HTMLVideoElement): readonly VTTCue[] {
  const [cues, setCues] = useState<readonly VTTCue[]>([])
  useEffect(() => {
    const track = subtitleTrackOf(video)
    const update = () => {
      const isOurs = track.mode === 'hidden'
      const active = isOurs ? [...(track.activeCues ?? [])].filter((cue): cue is VTTCue => cue instanceof VTTCue) : []
      setCues((before) => (isSame(before, active) ? before : active))
    }
    track.addEventListener('cuechange', update)
    // A cue that is taken away while it shows, or moved by an offset, tells nobody in some browsers.
    const timer = setInterval(update, 250)
    return () => {
      clearInterval(timer)
      track.removeEventListener('cuechange', update)
    }
  }, [video])
  return cues
}

const isSame = (a: readonly VTTCue[], b: readonly VTTCue[]): boolean =>
  a.length === b.length && a.every((cue, i) => cue === b[i])
