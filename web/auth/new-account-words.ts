/** Words for a refused new account or password: what the form cannot check itself. */
import { type Words, wordsHere } from '../error-words.ts'

export const newAccountWords = (error: unknown): Words =>
  wordsHere(error, {
    invalid: {
      title: 'That email or password cannot be used.',
      text: 'Check the email, and choose a password nobody would guess. Four random words are good.',
    },
    conflict: {
      title: 'Somebody here has this email already.',
      text: 'Sign in instead, or use another email.',
    },
  })

export const newPasswordWords = (error: unknown): Words =>
  wordsHere(error, {
    invalid: {
      title: 'That password cannot be used.',
      text: 'It is short, or one of the first to be guessed. Four random words are good.',
    },
    wrong_credentials: { title: 'That is not your password now.', text: 'Check it and try again.' },
  })
