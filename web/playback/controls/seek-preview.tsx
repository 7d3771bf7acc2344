/** Over the seek bar, where the pointer is: the picture of that moment, its chapter and its time. */
import { clock } from '../../ui/time-format.ts'
import type { Player } from '../player/use-player.ts'
import { useThumbnail } from './thumbnails.ts'

/** `share` of the bar in per cent. */
type SeekPreviewProps = { player: Player; seconds: number; share: number; chapter: string | undefined }

export function SeekPreview({ player, seconds, share, chapter }: SeekPreviewProps) {
  const picture = useThumbnail(player, seconds)
  const half = picture ? '6rem' : chapter ? '5rem' : '1.5rem'
  return (
    <div
      aria-hidden
      data-testid="seek-preview"
      className="pointer-events-none absolute bottom-full mb-1 flex w-max max-w-48 -translate-x-1/2 flex-col items-center gap-1"
      style={{ left: `clamp(${half}, ${share}%, calc(100% - ${half}))` }}
    >
      {picture && <img src={picture} alt="" className="w-48 rounded-lg border border-line shadow-card" />}
      <div className="max-w-full rounded-lg bg-raised px-2 py-1 text-center text-sm font-semibold shadow-card">
        {chapter && <p className="truncate font-normal text-quiet">{chapter}</p>}
        <p className="tabular-nums">{clock(seconds)}</p>
      </div>
    </div>
  )
}
