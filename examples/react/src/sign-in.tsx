interface SignInProps {
  readonly onSignIn: (user: string) => void;
}

/** Asks for a user id; your application knows already who has signed in. */
export function SignIn({ onSignIn }: SignInProps) {
  function submit(fields: FormData): void {
    const user = fields.get('user');
    if (typeof user === 'string') onSignIn(user.trim());
  }
  return (
    <form className="sign-in" action={submit}>
      <label>
        You are <input name="user" required autoComplete="username" />
      </label>
      <button type="submit">Sign in</button>
    </form>
  );
}
