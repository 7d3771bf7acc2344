/** Sign in with email and password, or go on as somebody who signed in here before. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { errorWords, wordsFor } from '../error-words.ts'
import { setupQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session, useSession } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'

/** `next` is the path to go on to, already checked by the router to be one of ours. */
export function SignInPage({ next }: { next: string }) {
  usePageTitle('Sign in')
  const router = useRouter()
  const setup = useQuery(setupQuery)
  const enter = () => router.history.push(next)
  if (setup.data?.needed) return <SetupFirst />
  return (
    <DoorFrame title="Welcome back" lead="The light is on. Sign in to watch.">
      <WhyHere />
      <GoOnAs onEnter={enter} />
      <PasswordForm onEnter={enter} />
    </DoorFrame>
  )
}

/** Says why a person who was signed in is standing here. */
function WhyHere() {
  const state = useSession()
  if (state.status !== 'signed-out' || state.because === undefined) return null
  return (
    <div className="mb-4">
      <ErrorNote words={errorWords[state.because]} />
    </div>
  )
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

function PasswordForm({ onEnter }: { onEnter: () => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => session.signIn('/api/auth/sign-in', { email: email.trim(), password }),
    onSuccess: onEnter,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form className={doorCard} onSubmit={submit}>
      <TextField
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
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
