/** First-run set-up: the one-time secret from the link makes the first account, the admin's. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { errorWords } from '../error-words.ts'
import { setupQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { newAccountWords } from './new-account-words.ts'
import { NewPasswordField, usePasswordAdvice } from './new-password-field.tsx'
import { useFragment } from './use-fragment.ts'

export function SetupPage() {
  usePageTitle('Set up')
  const secret = useFragment()
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
  const advice = usePasswordAdvice(password, [displayName, email])
  const claim = useMutation({
    mutationFn: () =>
      session.signIn('/api/setup', { secret, email: email.trim(), displayName: displayName.trim(), password }),
    onSuccess: () => {
      queryClient.invalidateQueries({ queryKey: setupQuery.queryKey, refetchType: 'none' })
      router.navigate({ to: '/second-lock' })
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
      <NewPasswordField value={password} onValue={setPassword} advice={advice} hasTried={hasTried} />
      {claim.error && <ErrorNote words={newAccountWords(claim.error)} />}
      <Button type="submit" isBusy={claim.isPending}>
        Create account
      </Button>
    </form>
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
