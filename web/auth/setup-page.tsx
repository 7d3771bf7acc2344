/** First-run set-up: the one-time secret from the link makes the first account, the admin's. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { errorWords, type Words, wordsFor } from '../error-words.ts'
import { failureCode } from '../failure.ts'
import { setupQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { advisePassword, type PasswordAdvice } from './password-advice.ts'

/** Reads the secret once from the fragment, which no server ever sees, and takes it out of the address bar. */
function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1))
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  }, [])
  return secret
}

export function SetupPage() {
  usePageTitle('Set up')
  const secret = useSecret()
  const setup = useQuery(setupQuery)
  if (setup.data?.needed === false) return <SetUpAlready />
  if (secret === '') return <NoSecret />
  return (
    <DoorFrame title="Set up your Porchlight" lead="Make the first account, the one that looks after this Porchlight.">
      <SetupForm secret={secret} />
    </DoorFrame>
  )
}

function SetupForm({ secret }: { secret: string }) {
  const router = useRouter()
  const queryClient = useQueryClient()
  const [displayName, setDisplayName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [hasTried, setHasTried] = useState(false)
  const advice = advisePassword(password, [displayName, email])
  const claim = useMutation({
    mutationFn: () =>
      session.signIn('/api/setup', { secret, email: email.trim(), displayName: displayName.trim(), password }),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: setupQuery.queryKey, refetchType: 'none' })
      router.history.push('/')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (advice.isEnough) claim.mutate()
  }
  return (
    <form className={doorCard} onSubmit={submit}>
      <TextField
        label="Your name"
        autoComplete="name"
        required
        maxLength={60}
        value={displayName}
        onValue={setDisplayName}
      />
      <TextField label="Email" type="email" autoComplete="username" required value={email} onValue={setEmail} />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onValue={setPassword}
        error={hasTried && !advice.isEnough ? advice.advice : undefined}
        hint={<PasswordMeter advice={advice} />}
      />
      {claim.error && <ErrorNote words={setupWords(claim.error)} />}
      <Button type="submit" isBusy={claim.isPending}>
        Create account
      </Button>
    </form>
  )
}

/** What the form cannot check itself: an address that is none, a password that is long but well known. */
const setupWords = (error: Error): Words =>
  failureCode(error) === 'invalid'
    ? {
        title: 'That email or password cannot be used.',
        text: 'Check the email, and choose a password nobody would guess. Four random words are good.',
        next: 'retry',
      }
    : wordsFor(error)

const barColour = { 0: 'bg-line', 1: 'bg-ember', 2: 'bg-lamp', 3: 'bg-leaf' } as const

function PasswordMeter({ advice }: { advice: PasswordAdvice }) {
  return (
    <span className="flex flex-col gap-2">
      <span aria-hidden className="mt-1 flex gap-1">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={`h-1 flex-1 rounded-full transition-colors ${step <= advice.level ? barColour[advice.level] : 'bg-line'}`}
          />
        ))}
      </span>
      {advice.advice}
    </span>
  )
}

function SetUpAlready() {
  const { title, text } = errorWords.setup_closed
  return (
    <DoorFrame title={title} lead={text}>
      <Link to="/sign-in" className={buttonClass('primary', 'w-full')}>
        Sign in
      </Link>
    </DoorFrame>
  )
}

function NoSecret() {
  return (
    <DoorFrame title="This link is not complete" lead="Set-up needs the whole one-time link.">
      <p className={`${doorCard} text-quiet`}>
        Go to the window where Porchlight was started and open the set-up link from there. It ends in # and a long word.
      </p>
    </DoorFrame>
  )
}
