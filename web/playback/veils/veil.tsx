/** What lies over the picture when there is something to say: opening, waiting, reconnecting, failed, the end. */
import { Link } from '@tanstack/react-router'
import type { Title } from '../../api.ts'
import { errorWords } from '../../error-words.ts'
import { Button, buttonClass, Ring } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Lamp } from '../../ui/lamp.tsx'
import { clock } from '../../ui/time-format.ts'
import type { Next } from '../next/use-next.ts'
import { openingWords, type PlayerPhase, waitingWords } from '../player/player-phase.ts'
import { playerRequests } from '../player/player-requests.ts'
import { useIsTouch } from '../player/use-is-touch.ts'
import { type Player, useViewing } from '../player/use-player.ts'
import { Centre } from './centre.tsx'
import { EndVeil } from './end-veil.tsx'
import { OpeningVeil, PosterGlow } from './opening-veil.tsx'
import { useIsLong } from './use-is-long.ts'
import { WaysOn } from './ways-on.tsx'

type VeilProps = { player: Player; phase: PlayerPhase; titleId: string; title: Title | undefined; next: Next }

export function Veil({ player, phase, titleId, title, next }: VeilProps) {
  const needsPress = useViewing(player, (state) => state.needsPress)
  const isTouch = useIsTouch()
  if (phase === 'opening') return <Opening player={player} title={title} />
  if (phase === 'failed') return <Failed player={player} titleId={titleId} title={title} />
  if (phase === 'reconnecting') return <Reconnecting player={player} />
  if (phase === 'waiting') return <Waiting player={player} />
  if (phase === 'ended') return <EndVeil player={player} titleId={titleId} title={title} next={next} />
  // Thumbs have their own large button in the middle.
  return needsPress && !isTouch ? <PressToPlay player={player} title={title} /> : null
}

function Opening({ player, title }: { player: Player; title: Title | undefined }) {
  const stage = useViewing(player, (state) => state.stage)
  return <OpeningVeil title={title} words={openingWords(stage)} />
}

/** Above the thumbs' buttons, so that both can be seen. */
function Waiting({ player }: { player: Player }) {
  const status = useViewing(player, (state) => state.status)
  const isLong = useIsLong()
  if (!isLong) return null
  return (
    <Centre>
      <div
        role="status"
        className="mb-56 flex animate-arrive items-center gap-3 rounded-full bg-black/70 py-2.5 ps-3.5 pe-5 text-sm tabular-nums backdrop-blur-sm sm:mb-0"
      >
        <Ring className="size-5 text-lamp" />
        {waitingWords(status)}
      </div>
    </Centre>
  )
}

function Reconnecting({ player }: { player: Player }) {
  const isLowering = useViewing(player, ({ keep }) => keep.mode === 'trying' && keep.step === 'lower')
  const stage = useViewing(player, (state) => state.stage)
  return (
    <Centre>
      <div
        role="status"
        className="mb-64 flex animate-arrive flex-col items-center gap-2 rounded-[16px] bg-black/70 px-6 py-4 backdrop-blur-sm sm:mb-0"
      >
        <Lamp isLit={false} className="size-9 animate-breathe text-lamp!" />
        <p className="font-semibold">
          {isLowering ? 'Looking for a way that plays on this screen…' : 'Reconnecting to your home…'}
        </p>
        <p className="text-sm text-quiet tabular-nums">
          {stage ? openingWords(stage) : `Your place at ${clock(player.viewing.positionSeconds)} is kept.`}
        </p>
      </div>
    </Centre>
  )
}

function Failed({ player, titleId, title }: Omit<VeilProps, 'phase' | 'next'>) {
  const keep = useViewing(player, (state) => state.keep)
  if (keep.mode !== 'failed' && keep.mode !== 'trying') return null
  const words = errorWords[(keep.mode === 'failed' ? keep.code : keep.behind) ?? 'internal']
  const isQuiet = keep.mode === 'trying' || keep.isQuiet
  // Where trying again changes nothing, the way to another copy comes first.
  const isOver = words.next === 'films'
  const backLook = buttonClass(isOver ? 'primary' : 'quiet')
  const back =
    title === undefined && isOver ? (
      <Link to="/" replace className={backLook}>
        Back to your films
      </Link>
    ) : (
      <Link to="/title/$titleId" params={{ titleId }} replace className={backLook}>
        Back to the film
      </Link>
    )
  return (
    <Centre isDark>
      <PosterGlow title={title} />
      <div role="alert" className="pointer-events-auto flex max-w-md animate-arrive flex-col items-center gap-3">
        <Lamp isLit={false} className="size-14" />
        <h1 className="text-xl font-semibold">{words.title}</h1>
        <p className="text-quiet">{words.text}</p>
        <WaysOn>
          {isOver && back}
          {words.next === 'sign-in' ? (
            <Link to="/sign-in" className={buttonClass()}>
              Sign in
            </Link>
          ) : (
            <Button
              look={isOver ? 'quiet' : 'primary'}
              onClick={() => player.viewing.retry()}
              isBusy={keep.mode === 'trying'}
            >
              Try again
            </Button>
          )}
          {!isOver && back}
        </WaysOn>
        {isQuiet && (
          <p className="mt-2 text-sm text-quiet">You can leave this open. It goes on by itself when it can.</p>
        )}
      </div>
    </Centre>
  )
}

/** After a reload the browser wants a press before it plays with sound. */
function PressToPlay({ player, title }: { player: Player; title: Title | undefined }) {
  return (
    <Centre>
      <button
        type="button"
        onClick={() => playerRequests.play(player)}
        aria-label={`Go on with ${title?.name ?? 'the film'}`}
        className="pointer-events-auto grid size-20 place-items-center rounded-full bg-lamp text-on-lamp shadow-[0_0_40px_var(--color-lamp)]"
      >
        <Icon name="play" className="size-10" />
      </button>
    </Centre>
  )
}
