// Go's net/smtp with letters that are finished but for the reader: PORT LETTERS CONNECTIONS FILE
package main

import (
	"fmt"
	"log"
	"net/smtp"
	"os"
	"strconv"
	"sync"
)

func carry(address string, first, letters, step int, letter []byte) error {
	client, err := smtp.Dial(address)
	if err != nil {
		return err
	}
	for number := first; number <= letters; number += step {
		if err := client.Mail(fmt.Sprintf("b+%d@letter.example", number)); err != nil {
			return err
		}
		reader := fmt.Sprintf("reader%d@readers%d.example", number, number%97)
		if err := client.Rcpt(reader); err != nil {
			return err
		}
		body, err := client.Data()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(body, "X-Reader: %s\r\n", reader); err != nil {
			return err
		}
		if _, err := body.Write(letter); err != nil {
			return err
		}
		if err := body.Close(); err != nil {
			return err
		}
	}
	return client.Quit()
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	letters, connections := number(os.Args[2]), number(os.Args[3])
	letter, err := os.ReadFile(os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	var lanes sync.WaitGroup
	for first := 1; first <= connections; first++ {
		lanes.Add(1)
		go func(first int) {
			defer lanes.Done()
			if err := carry("127.0.0.1:"+os.Args[1], first, letters, connections, letter); err != nil {
				log.Fatal(err)
			}
		}(first)
	}
	lanes.Wait()
}
