/** Continue watching: what this person began and did not finish, newest first; a press goes on where it stopped. */
import { Link } from '@tanstack/react-router'
import type { FrontPage } from '../api.ts'
import { episodeLine } from '../episode-line.ts'
import { Icon } from '../ui/icon.tsx'
import { Poster } from '../ui/poster.tsx'
import { clock, runtime } from '../ui/time-format.ts'
import { Row } from './row.tsx'
import { TakeOut } from './take-out.tsx'

type Items = FrontPage['continueWatching']

export function ContinueRow({ items }: { items: Items }) {
  return (
    <Row name="Continue watching" cardWidth="w-[17rem] sm:w-80">
      {items.map((item) => (
        <ContinueCard key={item.title.id} item={item} />
      ))}
    </Row>
  )
}

function ContinueCard({ item: { title, episode, positionSeconds, durationSeconds } }: { item: Items[number] }) {
  const share = durationSeconds > 0 ? Math.min(1, positionSeconds / durationSeconds) : 0
  const minutesLeft = (durationSeconds - positionSeconds) / 60
  return (
    <div className="group/card relative">
      <Link
        to="/watch/$titleId"
        params={{ titleId: title.id }}
        search={{}}
        aria-label={`Resume ${title.name} from ${clock(positionSeconds)}`}
        className="group block rounded-card outline-offset-4"
      >
        <div className="night relative aspect-video overflow-hidden rounded-card border border-line/70 shadow-card">
          <Poster
            name={title.name}
            year={title.year}
            src={title.poster}
            hash={title.posterHash}
            className="transition duration-200 group-hover:scale-[1.03]"
          />
          <div className="absolute inset-0 bg-linear-to-t from-black/80 via-black/10 to-black/10" />
          <span className="absolute inset-0 m-auto grid size-14 place-items-center rounded-full bg-black/55 text-lamp backdrop-blur-sm transition group-hover:bg-lamp group-hover:text-on-lamp">
            <Icon name="play" className="size-7" />
          </span>
          <div className="absolute inset-x-3 bottom-3 h-1 overflow-hidden rounded-full bg-white/25">
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden className="size-full">
              <rect width={share * 100} height="4" className="fill-lamp" />
            </svg>
          </div>
        </div>
        <p className="mt-2.5 line-clamp-2 leading-snug font-semibold">{episode?.showName ?? title.name}</p>
        <p className="truncate text-sm text-quiet">
          {episode && `${episodeLine(episode, title.name)} · `}
          {runtime(minutesLeft)} left
        </p>
      </Link>
      <TakeOut titleId={title.id} name={episode?.showName ?? title.name} />
    </div>
  )
}
