/** What lies over the picture when there is something to say: opening, waiting, reconnecting, failed, the end. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Title } from '../../api.ts'
import { errorWords } from '../../error-words.ts'
import { Button, buttonClass, Ring } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Lamp } from '../../ui/lamp.tsx'
import { clock } from '../../ui/time-format.ts'
import { openingWords, type PlayerPhase, waitingWords } from '../player/player-phase.ts'
import { playerRequests } from '../player/player-requests.ts'
import { useIsTouch } from '../player/use-is-touch.ts'
import { type Player, useViewing } from '../player/use-player.ts'
import { OpeningVeil, PosterGlow } from './opening-veil.tsx'
import { useIsLong } from './use-is-long.ts'

type VeilProps = { player: Player; phase: PlayerPhase; titleId: string; title: Title | undefined }

export function Veil({ player, phase, titleId, title }: VeilProps) {
  const needsPress = useViewing(player, (state) => state.needsPress)
  const isTouch = useIsTouch()
  if (phase === 'opening') return <Opening player={player} title={title} />
  if (phase === 'failed') return <Failed player={player} titleId={titleId} title={title} />
  if (phase === 'reconnecting') return <Reconnecting player={player} />
  if (phase === 'waiting') return <Waiting player={player} />
  if (phase === 'ended') return <Ended player={player} titleId={titleId} title={title} />
  // Thumbs have their own large button in the middle.
  return needsPress && !isTouch ? <PressToPlay player={player} title={title} /> : null
}

function Opening({ player, title }: { player: Player; title: Title | undefined }) {
  const stage = useViewing(player, (state) => state.stage)
  return <OpeningVeil title={title} words={openingWords(stage)} />
}

function Centre({ children, isDark = false }: { children: ReactNode; isDark?: boolean }) {
  return (
    <div
      className={`pointer-events-none absolute inset-0 grid place-items-center px-6 pb-4 text-center ${isDark ? 'bg-black/70' : ''}`}
    >
      {children}
    </div>
  )
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

function Failed({ player, titleId, title }: Omit<VeilProps, 'phase'>) {
  const keep = useViewing(player, (state) => state.keep)
  if (keep.mode !== 'failed' && keep.mode !== 'trying') return null
  const words = errorWords[(keep.mode === 'failed' ? keep.code : keep.behind) ?? 'internal']
  const isQuiet = keep.mode === 'trying' || keep.isQuiet
  return (
    <Centre isDark>
      <PosterGlow title={title} />
      <div role="alert" className="pointer-events-auto flex max-w-md animate-arrive flex-col items-center gap-3">
        <Lamp isLit={false} className="size-14" />
        <h1 className="text-xl font-semibold">{words.title}</h1>
        <p className="text-quiet">{words.text}</p>
        <div className="mt-3 flex flex-wrap justify-center gap-3">
          {words.next === 'sign-in' ? (
            <Link to="/sign-in" className={buttonClass()}>
              Sign in
            </Link>
          ) : (
            <Button
              look={words.next === 'films' ? 'quiet' : 'primary'}
              onClick={() => player.viewing.retry()}
              isBusy={keep.mode === 'trying'}
            >
              Try again
            </Button>
          )}
          <Link
            to="/title/$titleId"
            params={{ titleId }}
            replace
            // Where trying again changes nothing, the way to another copy comes first.
            className={buttonClass(
              words.next === 'films' ? 'primary' : 'quiet',
              words.next === 'films' ? '-order-1' : '',
            )}
          >
            Back to the film
          </Link>
        </div>
        {isQuiet && (
          <p className="mt-2 text-sm text-quiet">You can leave this open. It goes on by itself when it can.</p>
        )}
      </div>
    </Centre>
  )
}

function Ended({ player, titleId, title }: Omit<VeilProps, 'phase'>) {
  return (
    <Centre isDark>
      <div className="pointer-events-auto flex max-w-md animate-arrive flex-col items-center gap-3">
        <p className="font-serif text-4xl font-bold">The end</p>
        {title && <p className="text-sm text-quiet">{title.credit}</p>}
        <div className="mt-3 flex flex-wrap justify-center gap-3">
          <Link to="/" className={buttonClass()}>
            Back to your films
          </Link>
          <Button
            look="quiet"
            onClick={() => {
              playerRequests.seekTo(player, 0)
              playerRequests.play(player)
            }}
          >
            <Icon name="restart" className="size-5" />
            Watch again
          </Button>
        </div>
        <Link
          to="/title/$titleId"
          params={{ titleId }}
          className="mt-2 text-sm text-quiet underline-offset-4 hover:underline"
        >
          About this film
        </Link>
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
