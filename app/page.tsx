export default function Page() {
  return <main className="page"><h1>Lodestar</h1></main>;
}
