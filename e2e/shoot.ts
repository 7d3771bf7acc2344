/** Pictures of what a person sees, on a phone and on a desktop, kept only where SHOOT_INTO names a folder. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const

export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOOT_INTO
  if (!folder) return
  const before = page.viewportSize()
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport)
    await page.waitForTimeout(250)
    await page.screenshot({ path: join(folder, `${name}-${size}.png`) })
  }
  if (before) await page.setViewportSize(before)
}
