/** Runs the installed wrangler, which may ask the person something; its output is the answer. */
import { spawn } from 'node:child_process'
import { childEnvironment, installedProgram, repository } from './child.ts'

/** Runs `wrangler` with these words; its own output when it ends badly is part of the answer, not an exception. */
export type Wrangler = (words: string[]) => Promise<{ code: number; output: string }>

export const wrangler: Wrangler = (words) =>
  new Promise((resolve) => {
    const child = spawn(installedProgram('wrangler'), words, {
      cwd: repository,
      env: childEnvironment(),
      stdio: ['inherit', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.once('error', (error) => resolve({ code: -1, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? -1, output }))
  })
