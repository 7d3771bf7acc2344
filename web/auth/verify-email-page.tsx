/** Confirms an address with the link from a letter. A press confirms, so that a letter scanner cannot. */
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { wordsFor } from '../error-words.ts'
import { verifyEmail } from '../identity-api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { LinkIsOver } from './reset-password-page.tsx'
import { isLinkSecret, useFragment } from './use-fragment.ts'

export function VerifyEmailPage() {
  usePageTitle('Confirm your email')
  const secret = useFragment()
  const verify = useMutation({ mutationFn: () => verifyEmail(secret) })
  if (!isLinkSecret(secret)) return <LinkIsOver />
  if (verify.isSuccess)
    return (
      <DoorFrame title="Your email is confirmed" lead="Letters about your account go there from now on.">
        <div role="status" className={doorCard}>
          <Link to="/" className={buttonClass()}>
            To your films
          </Link>
        </div>
      </DoorFrame>
    )
  return (
    <DoorFrame title="Confirm your email" lead="Is this address yours? Then one press is enough.">
      <div className={doorCard}>
        {verify.error && <ErrorNote words={wordsFor(verify.error)} />}
        <Button isBusy={verify.isPending} onClick={() => verify.mutate()}>
          Confirm
        </Button>
      </div>
    </DoorFrame>
  )
}
