/** First-run set-up: the one-time secret from the link makes the first account, the admin's. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { errorWords } from '../error-words.ts'
import { setupQuery } from '../queries.ts'
import { buttonClass } from '../ui/button.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { NewAccountForm } from './new-account-form.tsx'
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
  const enter = () => {
    queryClient.invalidateQueries({ queryKey: setupQuery.queryKey, refetchType: 'none' })
    router.navigate({ to: '/second-lock' })
  }
  return (
    <div className={doorCard}>
      <NewAccountForm door="/api/setup" secret={secret} yes="Create account" onEnter={enter} />
    </div>
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
