/** A television without a keyboard: it shows a code and a picture, and waits for a phone to let it in. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { SignedIn } from '../api.ts'
import { type Words, wordsFor } from '../error-words.ts'
import { failureCode, isPassing } from '../failure.ts'
import { beginTv, pollTv, type TvCode } from '../identity-api.ts'
import { Button, Ring } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows } from '../ui/panel.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { BackToDoor } from './forgot-password-page.tsx'
import { useEnter } from './use-enter.ts'

export function TelevisionPage() {
  usePageTitle('Sign in with a phone')
  const code = useQuery({
    queryKey: ['tv-code'],
    queryFn: beginTv,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  return (
    <DoorFrame title="Sign in with a phone" lead="Use a phone that is signed in to this Porchlight.">
      <div className={doorCard}>
        {code.data && <Waiting key={code.data.userCode} code={code.data} onAgain={() => code.refetch()} />}
        {!code.data && !code.error && <LoadingRows label="Getting a code" rows={3} />}
        {!code.data && code.error && <TryAgain words={wordsFor(code.error)} onAgain={() => code.refetch()} />}
        <BackToDoor look="plain" />
      </div>
    </DoorFrame>
  )
}

function TryAgain({ words, onAgain }: { words: Words; onAgain: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <ErrorNote words={words} />
      <Button onClick={onAgain}>Show a new code</Button>
    </div>
  )
}

function Waiting({ code, onAgain }: { code: TvCode; onAgain: () => void }) {
  const enter = useEnter('/')
  const entered = useRef(enter)
  useEffect(() => {
    entered.current = enter
  })
  const poll = useQuery({
    queryKey: ['tv-poll', code.userCode],
    queryFn: async () => {
      const response = await pollTv()
      if (response.status === 202) return null
      return { signedIn: (await response.json()) as SignedIn, date: response.headers.get('date') }
    },
    refetchInterval: ({ state: { data, error } }) =>
      data || (error && !isPassing(failureCode(error))) ? false : code.pollEverySeconds * 1000,
    refetchIntervalInBackground: true,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const letIn = poll.data
  useEffect(() => {
    if (!letIn) return
    session.take(letIn.signedIn, letIn.date)
    entered.current()
  }, [letIn])
  if (poll.error && !isPassing(failureCode(poll.error)))
    return <TryAgain words={wordsFor(poll.error)} onAgain={onAgain} />
  return (
    <div className="flex flex-col items-center gap-5 text-center">
      <QrCode text={code.approveUrl} label="Picture of the link for your phone" className="size-52" />
      <p className="text-quiet">
        Point the phone’s camera at the picture, or open <span className="text-ink">{shown(code.approveUrl)}</span>{' '}
        there and type
      </p>
      <p data-testid="tv-code" className="font-mono text-4xl font-semibold tracking-[0.14em] text-lamp">
        {code.userCode}
      </p>
      <p role="status" className="flex items-center gap-2 text-sm text-quiet">
        <Ring className="size-4" /> Waiting for your phone
      </p>
    </div>
  )
}

const shown = (url: string): string => {
  const { host, pathname } = new URL(url)
  return host + pathname
}
