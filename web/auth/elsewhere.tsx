/** The ways in that lead elsewhere, as buttons; one that does not answer is grey, and says so. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SecondFactorNeeded } from '../api.ts'
import { wordsFor } from '../error-words.ts'
import { beginWay, type DeviceWalk, type Provider } from '../identity-api.ts'
import { providersQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { session } from './current-session.ts'
import { DeviceCode } from './device-code.tsx'

type ElsewhereProps = {
  providers: readonly Provider[]
  next: string
  invite?: string | undefined
  onEnter: () => void
  onSecondFactor: (needed: SecondFactorNeeded) => void
}

export function Elsewhere({ providers, next, invite, onEnter, onSecondFactor }: ElsewhereProps) {
  const [shown, setShown] = useState<{ way: string; walk: DeviceWalk }>()
  const queryClient = useQueryClient()
  const begin = useMutation({
    mutationFn: (way: string) => beginWay(way, barePath(next), invite),
    onSuccess: (walk, way) => {
      if (walk.kind === 'redirect') location.assign(walk.url)
      else setShown({ way, walk })
    },
    // Perhaps it rests now: then it is shown grey, and the next one stands beside it.
    onError: () => queryClient.invalidateQueries({ queryKey: providersQuery.queryKey }),
  })
  const ways = providers.filter(({ kind }) => kind === 'redirect' || kind === 'device')
  if (ways.length === 0) return null
  if (shown)
    return (
      <div ref={intoView} className="flex flex-col gap-3 pt-2">
        <DeviceCode
          way={shown.way}
          walk={shown.walk}
          onAgain={() => begin.mutate(shown.way)}
          onState={(state, edgeDate) => {
            if (state.state === 'second_factor') onSecondFactor(state)
            if (state.state !== 'signed_in') return
            session.take(state.signedIn, edgeDate)
            onEnter()
          }}
        />
        <Button look="plain" onClick={() => setShown(undefined)}>
          Use another way
        </Button>
      </div>
    )
  return (
    <div className="flex flex-col gap-2">
      {ways.map(({ id, label, healthy }) => (
        <Button
          key={id}
          look="quiet"
          disabled={!healthy}
          isBusy={begin.isPending && begin.variables === id}
          onClick={() => begin.mutate(id)}
        >
          Go on with {label}
          {!healthy && <span className="font-normal text-quiet">· not answering</span>}
        </Button>
      ))}
      {begin.error && <ErrorNote words={wordsFor(begin.error)} />}
    </div>
  )
}

/** The code stands below the fields, beyond the edge of a phone. */
const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' })

/** The edge brings people back to a bare path. */
const barePath = (next: string): string => next.split(/[?#]/)[0] ?? '/'
