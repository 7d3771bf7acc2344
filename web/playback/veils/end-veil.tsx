/** The end: what comes next, which begins by itself unless somebody says no, or the ways on from here. */
import { Link } from '@tanstack/react-router'
import type { NextEpisode, Title } from '../../api.ts'
import { episodeLine } from '../../episode-line.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { plural } from '../../ui/time-format.ts'
import type { Next } from '../next/use-next.ts'
import { playerRequests } from '../player/player-requests.ts'
import type { Player } from '../player/use-player.ts'
import { Centre } from './centre.tsx'
import { WaysOn } from './ways-on.tsx'

type EndVeilProps = { player: Player; titleId: string; title: Title | undefined; next: Next }

export function EndVeil({ player, titleId, title, next }: EndVeilProps) {
  if (next.offer === 'counting' && next.episode) return <ComesNext next={next} of={next.episode} />
  return (
    <Centre isDark>
      <div className="pointer-events-auto flex max-w-md animate-arrive flex-col items-center gap-3">
        <p className="font-serif text-4xl font-bold">The end</p>
        {title && <p className="text-sm text-quiet">{title.credit}</p>}
        {next.episode && <NextLine of={next.episode} />}
        <WaysOn>
          {next.episode?.isAvailable && (
            <Button onClick={next.play}>
              <Icon name="play" className="size-5" />
              Play it
            </Button>
          )}
          <Link to="/" className={buttonClass(next.episode?.isAvailable ? 'quiet' : 'primary')}>
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
        </WaysOn>
        <Link
          to="/title/$titleId"
          params={{ titleId }}
          className="mt-2 text-sm text-quiet underline-offset-4 hover:underline"
        >
          {title?.kind === 'episode' ? 'About this episode' : 'About this film'}
        </Link>
      </div>
    </Centre>
  )
}

function NextLine({ of: { title, episode, isAvailable } }: { of: NextEpisode }) {
  const line = `Next: ${episodeLine(episode, title.name)}`
  return <p className="font-semibold">{isAvailable ? line : `${line}. No copy of it is known yet.`}</p>
}

function ComesNext({ next, of: { title, episode } }: { next: Next; of: NextEpisode }) {
  return (
    <Centre isDark>
      <section
        aria-label="Next episode"
        className="pointer-events-auto flex max-w-md animate-arrive flex-col items-center gap-3"
      >
        <p className="text-quiet">{episode.showName}</p>
        <p className="font-serif text-3xl leading-tight font-bold sm:text-4xl">
          Next: {episodeLine(episode, title.name)}
        </p>
        {/* Said once, not with every second. */}
        <p className="text-sm text-quiet tabular-nums" aria-live="off">
          It begins in {plural(next.secondsLeft, 'second')}.
        </p>
        <WaysOn>
          <Button onClick={next.play}>
            <Icon name="play" className="size-5" />
            Play now
          </Button>
          <Button look="quiet" onClick={next.refuse}>
            Not now
          </Button>
        </WaysOn>
      </section>
    </Centre>
  )
}
