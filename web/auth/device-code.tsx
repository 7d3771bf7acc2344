/** A code to type in elsewhere: shown with a QR, its time, and asked about until it was typed, refused or is old. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { wordsFor } from '../error-words.ts'
import { failureCode, isPassing } from '../failure.ts'
import { type DeviceWalk, pollWay, type WalkState } from '../identity-api.ts'
import { Button, buttonClass, Ring } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { useWayName } from './use-way-name.ts'

type DeviceCodeProps = {
  way: string
  walk: DeviceWalk
  /** Told what the poll found, but for “still waiting”; `edgeDate` is the answer’s Date header. */
  onState: (state: WalkState, edgeDate: string | null) => void
  onAgain: () => void
}

export function DeviceCode({ way, walk, onState, onAgain }: DeviceCodeProps) {
  const wayName = useWayName()
  const told = useRef(onState)
  useEffect(() => {
    told.current = onState
  })
  const poll = useQuery({
    queryKey: ['walk', way, walk.userCode],
    queryFn: async () => {
      const response = await pollWay(way)
      return { state: (await response.json()) as WalkState, date: response.headers.get('date') }
    },
    refetchInterval: ({ state: { data, error } }) => {
      if (data && data.state.state !== 'pending') return false
      if (error && !isPassing(failureCode(error))) return false
      return 1000 * (data?.state.state === 'pending' ? data.state.intervalSeconds : walk.intervalSeconds)
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const found = poll.data
  useEffect(() => {
    if (found && found.state.state !== 'pending') told.current(found.state, found.date)
  }, [found])
  const isOver = poll.error !== null && !isPassing(failureCode(poll.error))
  if (isOver)
    return (
      <div className="flex flex-col gap-4">
        <ErrorNote words={wordsFor(poll.error)} />
        <Button look="quiet" onClick={onAgain}>
          Get a new code
        </Button>
      </div>
    )
  const host = new URL(walk.verificationUrl).host
  return (
    <div className="flex flex-col items-center gap-4 text-center">
      <p className="text-quiet">
        Open {host} on any device and type this code, or point your phone’s camera at the picture.
      </p>
      <p data-testid="way-code" className="font-mono text-3xl font-semibold tracking-[0.2em] text-lamp">
        {walk.userCode}
      </p>
      <QrCode text={walk.verificationUrl} label={`Picture of the link to ${host}`} className="size-40" />
      <div className="flex flex-wrap justify-center gap-2">
        <CopyButton text={walk.userCode} label="Copy the code" />
        <a href={walk.verificationUrl} target="_blank" rel="noreferrer" className={buttonClass('quiet')}>
          Open {wayName(way)}
        </a>
      </div>
      <p role="status" className="flex items-center gap-2 text-sm text-quiet">
        <Ring className="size-4" /> Waiting for you over there
      </p>
    </div>
  )
}
