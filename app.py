"""Start for development: `flask run`, or `python app.py`. In use, `splot up` starts the processes."""

from app import create_app

app = create_app()

if __name__ == "__main__":
    app.run(host=app.config["SETTINGS"].host, port=app.config["SETTINGS"].port)
