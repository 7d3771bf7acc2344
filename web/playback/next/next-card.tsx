/** Over the picture while the credits run: what comes next, now or not. */
import { episodeLine } from '../../episode-line.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Next } from './use-next.ts'

/** `isRaised`: the controls are shown, and the card stands above them. It takes no focus: Space goes on to pause the film. */
export function NextCard({ next, isRaised }: { next: Next; isRaised: boolean }) {
  if (next.offer !== 'card' || !next.episode) return null
  const { title, episode } = next.episode
  return (
    <section
      aria-label="Next episode"
      className={`absolute start-4 end-4 animate-arrive rounded-[16px] border border-line bg-raised/95 p-4 shadow-card backdrop-blur-md transition-[bottom] sm:start-auto sm:end-6 sm:max-w-sm ${isRaised ? 'bottom-32' : 'bottom-8'}`}
    >
      <p role="status" className="mb-3 line-clamp-2 font-semibold">
        Next: {episodeLine(episode, title.name)}
      </p>
      <div className="flex gap-3">
        <Button onClick={next.play} className="max-sm:flex-1">
          <Icon name="play" className="size-5" />
          Play now
        </Button>
        <Button look="plain" onClick={next.refuse} className="max-sm:flex-1">
          Not now
        </Button>
      </div>
    </section>
  )
}
