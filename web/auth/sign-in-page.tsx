/** Sign in by any way in that there is, or go on as somebody who signed in here before. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { SecondFactorNeeded } from '../api.ts'
import { errorWords, wordsFor, wordsForCode } from '../error-words.ts'
import { readSecondFactor } from '../identity-api.ts'
import { providersQuery } from '../identity-queries.ts'
import { setupQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { longDate } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { currentArrival, forgetArrival } from './arrival.ts'
import { session, useSession } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { SecondFactorStep } from './second-factor-step.tsx'
import { useEnter } from './use-enter.ts'

type SignInPageProps = {
  /** The path to go on to, already checked by the router to be one of ours. */
  next: string
  /** When the account of whoever just left will be erased, epoch seconds. */
  erasedAt?: number | undefined
}

export function SignInPage({ next, erasedAt }: SignInPageProps) {
  usePageTitle('Sign in')
  const setup = useQuery(setupQuery)
  const providers = useQuery(providersQuery)
  const [needed, setNeeded] = useState<SecondFactorNeeded>()
  const [arrival, setArrival] = useState(currentArrival)
  const waiting = useQuery({
    queryKey: ['second-factor'],
    queryFn: readSecondFactor,
    enabled: arrival?.kind === 'second-factor',
    gcTime: 0,
  })
  const enter = useEnter(next)
  const back = () => {
    forgetArrival()
    setArrival(undefined)
    setNeeded(undefined)
  }
  const go = () => {
    forgetArrival()
    enter()
  }
  const asked = needed ?? (arrival?.kind === 'second-factor' ? waiting.data : undefined)
  if (setup.data?.needed) return <SetupFirst />
  if (asked) return <SecondFactorStep needed={asked} onEnter={go} onBack={back} />
  return (
    <DoorFrame title="Welcome back" lead="The light is on. Sign in to watch.">
      <WhyHere erasedAt={erasedAt} />
      {waiting.error && <Note words={wordsFor(waiting.error)} />}
      {arrival?.kind === 'refused' && <Note words={wordsForCode(arrival.code)} />}
      <GoOnAs onEnter={go} />
      <div className={doorCard}>
        <PasswordForm onEnter={go} onSecondFactor={setNeeded} />
        <div aria-hidden className="flex items-center gap-3 text-sm text-quiet">
          <span className="h-px flex-1 bg-line" /> or <span className="h-px flex-1 bg-line" />
        </div>
        <div className="flex flex-col gap-2">
          <PasskeyButton onEnter={go} />
          <Elsewhere providers={providers.data ?? []} next={next} onEnter={go} onSecondFactor={setNeeded} />
        </div>
      </div>
      <p className="pt-5 text-center text-sm text-quiet">
        No keyboard here?{' '}
        <Link to="/television" className="text-sky underline underline-offset-4">
          Sign in with a phone
        </Link>
      </p>
    </DoorFrame>
  )
}

const Note = ({ words }: { words: Parameters<typeof ErrorNote>[0]['words'] }) => (
  <div className="mb-4">
    <ErrorNote words={words} />
  </div>
)

/** Says why a person who was signed in is standing here. */
function WhyHere({ erasedAt }: { erasedAt: number | undefined }) {
  const state = useSession()
  if (erasedAt !== undefined)
    return (
      <p role="status" className="mb-4 rounded-card border border-line bg-raised px-4 py-3 text-sm">
        <strong>Your account will be erased on {longDate(erasedAt)}.</strong> Sign in before then to keep it.
      </p>
    )
  if (state.status !== 'signed-out' || state.because === undefined) return null
  return <Note words={errorWords[state.because]} />
}

function GoOnAs({ onEnter }: { onEnter: () => void }) {
  const people = session.remembered().people
  const resume = useMutation({
    mutationFn: (sessionId: string) => session.resume(sessionId),
    onSuccess: () => session.getState().status === 'signed-in' && onEnter(),
  })
  if (people.length === 0) return null
  return (
    <div className="mb-4 flex flex-col gap-2">
      {people.map(({ sessionId, displayName }) => (
        <Button
          key={sessionId}
          look="quiet"
          className="justify-start!"
          isBusy={resume.isPending && resume.variables === sessionId}
          onClick={() => resume.mutate(sessionId)}
        >
          <Icon name="person" className="size-5 text-lamp" />
          Go on as {displayName}
        </Button>
      ))}
      {resume.error && <ErrorNote words={wordsFor(resume.error)} />}
    </div>
  )
}

type PasswordFormProps = { onEnter: () => void; onSecondFactor: (needed: SecondFactorNeeded) => void }

function PasswordForm({ onEnter, onSecondFactor }: PasswordFormProps) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => session.signIn('/api/auth/sign-in', { email: email.trim(), password }),
    onSuccess: (needed) => (needed ? onSecondFactor(needed) : onEnter()),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form className="flex flex-col gap-5" onSubmit={submit}>
      <TextField
        label="Email"
        type="email"
        name="email"
        autoComplete="username webauthn"
        required
        value={email}
        onValue={setEmail}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onValue={setPassword}
      />
      {signIn.error && <ErrorNote words={wordsFor(signIn.error)} />}
      <Button type="submit" isBusy={signIn.isPending}>
        Sign in
      </Button>
      <Link
        to="/forgot-password"
        className="-my-2 inline-flex min-h-11 items-center self-center rounded text-sm text-sky underline underline-offset-4"
      >
        I forgot my password
      </Link>
    </form>
  )
}

function SetupFirst() {
  return (
    <DoorFrame title="Nobody lives here yet" lead="This Porchlight has no account. It starts with a one-time link.">
      <ol className={`${doorCard} list-decimal ps-10! text-quiet marker:text-lamp`}>
        <li>Look at the window where Porchlight was started.</li>
        <li>Find the set-up link that it printed.</li>
        <li>Open that link in this browser.</li>
      </ol>
    </DoorFrame>
  )
}
