/** The package ships no types. */
declare module 'asl-validator' {
  /** Checks a definition; it writes defaults into it. */
  function validate(
    definition: unknown,
    options: { readonly checkPaths: boolean; readonly checkArn: boolean },
  ): { readonly isValid: boolean; readonly errorsText: (separator?: string) => string };
  export = validate;
}
