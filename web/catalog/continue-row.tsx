/** Continue watching: what this person began and did not finish, newest first; a press goes on where it stopped. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ContinueItem } from '../api.ts'
import { continueQuery } from '../queries.ts'
import { Icon } from '../ui/icon.tsx'
import { Poster } from '../ui/poster.tsx'
import { clock, runtime } from '../ui/time-format.ts'

/** Nothing at all while there is nothing to continue: an empty row would only ask for attention. */
export function ContinueRow() {
  const { data: items } = useQuery(continueQuery)
  if (!items || items.length === 0) return null
  return (
    <section aria-labelledby="continue" className="animate-arrive pb-8">
      <h2 id="continue" className="mb-4 text-xl font-semibold">
        Continue watching
      </h2>
      <ul className="-mx-4 flex snap-x scroll-px-4 gap-4 overflow-x-auto px-4 pb-3 [scrollbar-width:none]">
        {items.map((item) => (
          <li key={item.title.id} className="w-[17rem] shrink-0 snap-start sm:w-80">
            <ContinueCard item={item} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ContinueCard({ item: { title, positionSeconds, durationSeconds } }: { item: ContinueItem }) {
  const share = durationSeconds > 0 ? Math.min(1, positionSeconds / durationSeconds) : 0
  const minutesLeft = (durationSeconds - positionSeconds) / 60
  return (
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
      <p className="mt-2.5 line-clamp-2 leading-snug font-semibold">{title.name}</p>
      <p className="text-sm text-quiet">{runtime(minutesLeft)} left</p>
    </Link>
  )
}
