"""`python -m tests.sandbox.portal --port N --config FILE --data FOLDER`."""

from tests.sandbox.portal.app import create_app
from tests.sandbox.running import arguments, serve
from tests.sandbox.shelf import Shelf


def main() -> None:
    """Runs the portal until it is told to stop."""
    given = arguments("portal")
    shelf = Shelf(given.data / "portal.sqlite3")
    app = create_app(given.config, shelf)
    serve(app, port=given.port, title="Contractor portal", certificate=given.certificate)


if __name__ == "__main__":
    main()
