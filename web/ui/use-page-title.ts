/** The title of the browser's tab while a page is shown. */
import { useEffect } from 'react'

export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? 'Porchlight' : `${title} · Porchlight`
  }, [title])
}
