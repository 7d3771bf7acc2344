/** Whether something has been on the screen for long enough to be worth drawing. */
import { useEffect, useState } from 'react'

/** What is over sooner is no wait to a person, and drawing it would make it one: a large blur costs more than a frame of film. */
const LONG_MS = 500

export function useIsLong(): boolean {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return isLong
}
