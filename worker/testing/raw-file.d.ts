/** A file as text, for tests that hold code against it. */
declare module '*?raw' {
  const text: string
  export default text
}
