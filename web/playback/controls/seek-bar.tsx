/** The seek bar: what has been watched, what the browser holds, what home has on disk, where chapters begin; drag, press or use the arrows. */
import { type PointerEvent, useMemo, useRef, useState } from 'react'
import type { Chapter } from '#protocol/tracks.ts'
import { spokenTime } from '../../ui/time-format.ts'
import { pointedWithin } from '../engine/nearest-keyframe.ts'
import { chapterAt, chapterCuts } from '../player/film-parts.ts'
import { playerRequests } from '../player/player-requests.ts'
import type { TimeRange } from '../player/player-state.ts'
import { type Player, usePlayerState, useViewing } from '../player/use-player.ts'
import { downloadedTimes } from './downloaded-times.ts'
import { leavePictures } from './held-pictures.ts'
import { SeekPreview } from './seek-preview.tsx'

export function SeekBar({ player }: { player: Player }) {
  const position = usePlayerState(player, (state) => state.positionSeconds)
  const duration = usePlayerState(player, (state) => state.durationSeconds)
  const buffered = usePlayerState(player, (state) => state.buffered)
  const status = useViewing(player, (state) => state.status)
  const chapters = useViewing(player, (state) => state.stream?.chapters) ?? noChapters
  const cuts = useMemo(() => chapterCuts(chapters, duration), [chapters, duration])
  const atHome = useMemo(() => downloadedTimes(status, duration), [status, duration])
  const bar = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState<number>()
  const [hovered, setHovered] = useState<number>()

  const secondsAt = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * duration
  }
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || duration === 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    setDragged(secondsAt(event))
  }
  const move = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setHovered(secondsAt(event))
    if (dragged !== undefined) setDragged(secondsAt(event))
  }
  const release = (event: PointerEvent) => {
    if (dragged === undefined) return
    leavePictures()
    const widthPixels = bar.current?.getBoundingClientRect().width ?? 1
    playerRequests.seekNear(player, secondsAt(event), pointedWithin(duration, widthPixels))
    setDragged(undefined)
  }
  const shown = dragged ?? position
  const bubble = dragged ?? hovered
  const share = (seconds: number) => (duration === 0 ? 0 : Math.min(100, (seconds / duration) * 100))
  return (
    <div
      ref={bar}
      role="slider"
      tabIndex={0}
      aria-label="Seek"
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={[`${spokenTime(shown)} of ${spokenTime(duration)}`, chapterAt(chapters, shown)?.name]
        .filter(Boolean)
        .join(', ')}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={() => setDragged(undefined)}
      onPointerLeave={() => setHovered(undefined)}
      className="group/seek relative flex h-8 cursor-pointer touch-none items-center rounded-lg"
    >
      <div className="relative h-1 w-full overflow-hidden rounded-full bg-white/20 transition-[height] duration-150 group-hover/seek:h-1.5">
        <Ranges ranges={atHome} share={share} className="bg-white/20" testId="at-home" />
        <Ranges ranges={buffered} share={share} className="bg-white/40" testId="in-browser" />
        <div className="absolute inset-y-0 start-0 bg-lamp" style={{ width: `${share(shown)}%` }} />
        {cuts.map((cut) => (
          <div
            key={cut}
            data-testid="chapter"
            className="absolute inset-y-0 w-[3px] -translate-x-1/2 bg-black"
            style={{ left: `${cut * 100}%` }}
          />
        ))}
      </div>
      <div
        className={`absolute size-3.5 -translate-x-1/2 rounded-full bg-lamp shadow-[0_0_10px_var(--color-lamp)] transition-transform duration-150 group-hover/seek:scale-125 ${dragged === undefined ? '' : 'scale-150!'}`}
        style={{ left: `${share(shown)}%` }}
      />
      {bubble !== undefined && (
        <SeekPreview
          player={player}
          seconds={bubble}
          share={share(bubble)}
          chapter={chapterAt(chapters, bubble)?.name}
        />
      )}
    </div>
  )
}

const noChapters: readonly Chapter[] = []

type RangesProps = {
  ranges: readonly TimeRange[]
  share: (seconds: number) => number
  className: string
  testId: string
}

function Ranges({ ranges, share, className, testId }: RangesProps) {
  return ranges.map(({ start, end }) => (
    <div
      key={start}
      data-testid={testId}
      className={`absolute inset-y-0 ${className}`}
      style={{ left: `${share(start)}%`, width: `${share(end) - share(start)}%` }}
    />
  ))
}
