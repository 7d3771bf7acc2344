/** Where the edge insists on a new password before anything else is open. */
import { useRouter } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { ChangePasswordForm } from './change-password-form.tsx'
import { session } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'

export function NewPasswordPage() {
  usePageTitle('New password')
  const router = useRouter()
  const done = async () => {
    await session.renew()
    router.history.push('/')
  }
  return (
    <DoorFrame title="Choose a new password" lead="This account asks for one before it opens.">
      <div className={doorCard}>
        <ChangePasswordForm onDone={done} />
        <Button look="plain" onClick={() => session.signOut()}>
          Sign out
        </Button>
      </div>
    </DoorFrame>
  )
}
