/** The player's page: the picture, the last picture over it, and the face with which it is handled. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { titleQuery } from '../queries.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import type { Tastes } from './player/choices.ts'
import { usePlayer } from './player/use-player.ts'
import { PlayerFace } from './player-face.tsx'

type PlayerPageProps = {
  titleId: string
  personId: string
  /** A copy that was chosen; undefined: Play chooses. */
  sourceId: string | undefined
  startSeconds: number
  tastes: Tastes
}

const picture = 'pointer-events-none absolute inset-0 size-full object-contain'

export function PlayerPage({ titleId, personId, sourceId, startSeconds, tastes }: PlayerPageProps) {
  const [root, setRoot] = useState<HTMLElement | null>(null)
  const [video, setVideo] = useState<HTMLVideoElement | null>(null)
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null)
  const player = usePlayer({ video, canvas, root }, { titleId, personId, sourceId, startSeconds, tastes })
  const { data: title } = useQuery(titleQuery(titleId))
  usePageTitle(title?.name)
  return (
    <main
      ref={setRoot}
      data-testid="player"
      data-state="opening"
      data-transport="none"
      className="night group/player fixed inset-0 touch-manipulation overflow-hidden bg-black select-none"
    >
      <video ref={setVideo} crossOrigin="anonymous" playsInline preload="auto" className={picture}>
        <track kind="captions" />
      </video>
      <canvas
        ref={setCanvas}
        aria-hidden
        className={`${picture} hidden bg-black group-data-[frozen=true]/player:block`}
      />
      {player && <PlayerFace player={player} titleId={titleId} title={title} />}
    </main>
  )
}
