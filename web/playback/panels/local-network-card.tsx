/** Over the picture before the browser asks about the local network: what it will ask, and why; asked once. */
import { Button } from '../../ui/button.tsx'
import { type Player, useViewing } from '../player/use-player.ts'
import { localNetwork } from '../transports/open-way.ts'

/** `isRaised`: the controls are shown, and the card stands above them. */
export function LocalNetworkCard({ player, isRaised }: { player: Player; isRaised: boolean }) {
  const isAsked = useViewing(player, (state) => state.way.isLocalNetworkAsked)
  if (!isAsked) return null
  return (
    <section
      aria-label="Your home network"
      className={`absolute start-4 end-4 animate-arrive rounded-[16px] border border-line bg-raised/95 p-4 shadow-card backdrop-blur-md transition-[bottom] sm:start-auto sm:end-6 sm:max-w-sm ${isRaised ? 'bottom-32' : 'bottom-8'}`}
    >
      <p className="mb-1 font-semibold">Are you at home?</p>
      <p className="mb-3 text-sm text-quiet">
        Then the film can come straight from your box, without leaving the house. Your browser will ask whether
        Porchlight may reach devices on your network. Allow it.
      </p>
      <div className="flex gap-3">
        <Button onClick={() => localNetwork.say(true)} className="max-sm:flex-1">
          Go on
        </Button>
        <Button look="plain" onClick={() => localNetwork.say(false)} className="max-sm:flex-1">
          Not now
        </Button>
      </div>
    </section>
  )
}
