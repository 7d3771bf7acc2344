/** Where the step-up dialog stands when it is asked for; its own code comes only then. */
import { lazy, Suspense, useSyncExternalStore } from 'react'
import { session } from './current-session.ts'
import { askForStepUp, isStepUpAsked, onStepUpChange } from './step-up-request.ts'

const StepUpDialog = lazy(() => import('./step-up-dialog.tsx').then((module) => ({ default: module.StepUpDialog })))

session.onStepUp(askForStepUp)

export function StepUpHost() {
  const isAsked = useSyncExternalStore(onStepUpChange, isStepUpAsked)
  if (!isAsked) return null
  return (
    <Suspense>
      <StepUpDialog />
    </Suspense>
  )
}
