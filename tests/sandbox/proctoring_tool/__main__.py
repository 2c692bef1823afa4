"""`python -m tests.sandbox.proctoring_tool --port N --config FILE --data FOLDER`."""

from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool.app import create_app
from tests.sandbox.running import arguments, serve
from tests.sandbox.shelf import Shelf
from tests.sandbox.tool_key import own_key


def main() -> None:
    """Runs the tool until it is told to stop."""
    given = arguments("proctoring_tool")
    tool = Tool(
        name="steady-watch",
        config=given.config,
        key=own_key(given.data),
        shelf=Shelf(given.data / "steady-watch.sqlite3"),
        base_url=given.base_url,
    )
    serve(create_app(tool), port=given.port, title="Proctoring tool", certificate=given.certificate)


if __name__ == "__main__":
    main()
